import type { VNode } from 'preact';

interface SpeedProps {
  readonly text: string;
  readonly change: (by: 1 | -1) => void;
}

/** How fast something is played. */
export function Speed({ text, change }: SpeedProps): VNode {
  return (
    <div class="speed" role="group" aria-label="Speed">
      <button type="button" aria-label="Slower" title="Slower (,)" onClick={() => change(-1)}>
        −
      </button>
      <span>{text}</span>
      <button type="button" aria-label="Faster" title="Faster (.)" onClick={() => change(1)}>
        +
      </button>
    </div>
  );
}
