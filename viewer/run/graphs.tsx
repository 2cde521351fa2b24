import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { stepsOf, type Graph } from '../model/graphs.ts';
import { useStore } from '../parts/hooks.ts';
import { lengthText } from '../time/ticks.ts';
import { GRAPH_PX, GraphPlots } from './graph-plots.ts';
import type { RunApp } from './run-app.ts';

interface Props {
  readonly app: RunApp;
}

/** Messages and operations in numbers, over the same time as the diagram above. */
export function Graphs({ app }: Props): VNode | null {
  const { hasGraphs } = useStore(app.store, 'hasGraphs');
  if (!hasGraphs) return null;
  if (app.model.graphs.length === 0) {
    return <p class="graphs-none dim">Nothing was sent in this run, and nothing asked for.</p>;
  }
  return <Plots app={app} />;
}

function Plots({ app }: Props): VNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const plots = new GraphPlots(box.current!, app);
    return () => plots.close();
  }, [app]);
  return (
    <>
      <Names app={app} />
      <div
        class="graphs"
        ref={box}
        role="img"
        aria-label="Messages and operations over time, in numbers"
        style={{ height: `${app.model.graphs.length * GRAPH_PX}px` }}
      />
    </>
  );
}

/** What each graph shows, and its numbers below the pointer, or else at the cursor. */
function Names({ app }: Props): VNode {
  const state = useStore(app.store, 'window', 'pointerUs', 'cursorUs');
  const { window, pointerUs, cursorUs } = state;
  const us = Number.isNaN(pointerUs) ? cursorUs : pointerUs;
  const width = document.querySelector('.graphs')?.clientWidth ?? 1000;
  const { stepUs } = stepsOf(window, width);
  const fromUs = Math.max(0, Math.floor(us / stepUs)) * stepUs;
  return (
    <div class="graph-names">
      {app.model.graphs.map((graph) => (
        <GraphName key={graph.title} graph={graph} fromUs={fromUs} stepUs={stepUs} />
      ))}
    </div>
  );
}

interface NameProps {
  readonly graph: Graph;
  readonly fromUs: number;
  readonly stepUs: number;
}

function GraphName({ graph, fromUs, stepUs }: NameProps): VNode {
  const { title, unit, lines } = graph;
  return (
    <div class="graph-name" style={{ height: `${GRAPH_PX}px` }}>
      <div>
        <b>{title}</b> <span class="dim">{unit === '' ? `/ ${lengthText(stepUs)}` : unit}</span>
      </div>
      {lines.map(({ name, hue, isDashed, in: valueIn }) => (
        <div key={name} class="graph-line">
          <span class={swatchOf(hue, isDashed, unit === 'ms')} />
          <span>{name}</span>
          <span class="graph-value">{valueText(valueIn(fromUs, fromUs + stepUs))}</span>
        </div>
      ))}
    </div>
  );
}

function swatchOf(hue: number, isDashed: boolean, isDot: boolean): string {
  return `graph-swatch hue-${hue}${isDashed ? ' dashed' : ''}${isDot ? ' dot' : ''}`;
}

function valueText(value: number | null): string {
  if (value === null) return '–';
  return Number.isInteger(value) || value >= 100 ? value.toFixed(0) : value.toPrecision(2);
}
