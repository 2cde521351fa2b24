import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** Rows above and below those that are seen, drawn so that scrolling shows no gaps. */
const SPARE = 8;

interface ListProps {
  readonly label: string;
  readonly count: number;
  readonly rowPx: number;
  /** The row to keep in sight; -1 = none. */
  readonly current: number;
  readonly row: (i: number) => ComponentChildren;
}

/** A long list of rows of one height, of which only those in sight are there. */
export function List({ label, count, rowPx, current, row }: ListProps): VNode {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const height = box.current?.clientHeight ?? 600;
  useEffect(() => {
    const element = box.current;
    if (element === null || current < 0) return;
    const at = current * rowPx;
    if (at < element.scrollTop || at > element.scrollTop + element.clientHeight - rowPx) {
      element.scrollTop = at - element.clientHeight / 2;
    }
  }, [current, rowPx]);
  const first = Math.max(0, Math.floor(top / rowPx) - SPARE);
  const end = Math.min(count, Math.ceil((top + height) / rowPx) + SPARE);
  const rows = Array.from({ length: Math.max(0, end - first) }, (_, i) => row(first + i));
  return (
    <div
      class="list"
      ref={box}
      role="region"
      tabIndex={0}
      aria-label={label}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div style={{ height: `${count * rowPx}px`, position: 'relative' }}>
        <div style={{ position: 'absolute', top: `${first * rowPx}px`, left: 0, right: 0 }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
