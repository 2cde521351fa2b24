import type { VNode } from 'preact';
import { compact } from '../../scenarios/report/compact.ts';
import type { RunApp } from './run-app.ts';
import { Facts } from '../parts/facts.tsx';
import { Verdict } from '../parts/verdict.tsx';

/** What was run, what came of it, and how to run it again. */
export function RunPanel({ app }: { readonly app: RunApp }): VNode {
  const { data } = app.model;
  const { result, world, params, remarks } = data.about;
  const { scenario, seed, verdict, events, simMs, operations, messages, digest, repro } = result;
  return (
    <div class="column scroll details" tabIndex={0}>
      <h2>
        <Verdict verdict={verdict} /> {scenario}
      </h2>
      {remarks.map((text) => (
        <p key={text} class="odd">
          {text}
        </p>
      ))}
      <Facts
        rows={[
          ['seed', seed],
          ['simulated', `${(simMs / 1000).toFixed(3)} s`],
          ['events', String(events)],
          ['operations', String(operations)],
          ['messages', String(messages)],
          ['digest', digest],
          ['Faultlab', data.faultlab],
        ]}
      />
      {repro !== '' && (
        <>
          <h3>Run it again</h3>
          <pre>{repro.split('  # ')[0]}</pre>
        </>
      )}
      <h3>What happened</h3>
      <Facts rows={Object.entries(result.activity).map(([name, count]) => [name, String(count)])} />
      <h3>The world</h3>
      <Facts rows={Object.entries(world)} />
      {Object.keys(params).length > 0 && <h3>Params</h3>}
      <Facts rows={Object.entries(params).map(([name, value]) => [name, compact(value, 80)])} />
    </div>
  );
}
