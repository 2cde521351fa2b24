import type { ComponentChildren, VNode } from 'preact';

interface TabsProps<T extends string> {
  readonly label: string;
  readonly names: readonly T[];
  readonly current: T;
  readonly choose: (name: T) => void;
  /** What the current tab shows. */
  readonly children: ComponentChildren;
}

/** What is beside a picture: one of several tabs. */
export function Tabs<T extends string>(props: TabsProps<T>): VNode {
  const { label, names, current, choose, children } = props;
  const i = names.indexOf(current);
  const turn = (by: number): void => {
    const next = names[(i + by + names.length) % names.length]!;
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <aside class="panel" aria-label={label}>
      <div
        class="tabs"
        role="tablist"
        aria-label={label}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') turn(1);
          else if (event.key === 'ArrowLeft') turn(-1);
          else return;
          event.stopPropagation();
          event.preventDefault();
        }}
      >
        {names.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={current === name}
            aria-controls="tab-panel"
            tabIndex={current === name ? 0 : -1}
            onClick={() => choose(name)}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby={`tab-${current}`}>
        {children}
      </div>
    </aside>
  );
}
