import type { VNode } from 'preact';

interface PlayProps {
  readonly isPlaying: boolean;
  readonly toggle: () => void;
}

export function PlayButton({ isPlaying, toggle }: PlayProps): VNode {
  const does = isPlaying ? 'Pause' : 'Play';
  return (
    <button
      type="button"
      class="primary"
      title={`${does} (space)`}
      aria-label={does}
      onClick={toggle}
    >
      {isPlaying ? '❚❚' : '▶'}
    </button>
  );
}
