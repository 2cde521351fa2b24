/** The colours of a canvas: the tokens of the page, as they are just now. */
export class Palette {
  readonly text: string;
  readonly dim: string;
  readonly line: string;
  readonly grid: string;
  readonly page: string;
  readonly card: string;
  readonly raised: string;
  readonly select: string;
  readonly good: string;
  readonly bad: string;
  readonly odd: string;
  readonly bar: string;
  readonly shade: string;
  readonly shadeEdge: string;
  readonly veil: string;
  readonly sans: string;
  readonly mono: string;
  /** Told apart by people of any colour vision; what they mean is also said in another way. */
  readonly hues: readonly string[];
  readonly grey: string;

  constructor() {
    const style = getComputedStyle(document.documentElement);
    const token = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    this.text = token('text');
    this.dim = token('dim');
    this.line = token('line');
    this.grid = token('grid');
    this.page = token('page');
    this.card = token('card');
    this.raised = token('raised');
    this.select = token('select');
    this.good = token('good');
    this.bad = token('bad');
    this.odd = token('odd');
    this.bar = token('bar');
    this.shade = token('shade');
    this.shadeEdge = token('shade-edge');
    this.veil = token('veil');
    this.sans = token('sans');
    this.mono = token('mono');
    this.grey = token('hue-grey');
    this.hues = ['blue', 'orange', 'green', 'purple', 'sky', 'yellow', 'vermilion', 'grey'].map(
      (name) => token(`hue-${name}`),
    );
  }
}
