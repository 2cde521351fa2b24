import { isReply } from '../model/run-model.ts';
import { cross } from './draw-lanes.ts';
import {
  DAMAGED,
  DELAYED,
  DUPLICATED,
  DASHES,
  DELIVERED,
  LOST,
  hueOfType,
  xOf,
  type Picture,
} from './picture.ts';

/** More messages than these are thinned out, evenly, so that a frame takes no longer. */
const MOST = 2500;
/** With more of them arrows have no heads. */
const MOST_HEADS = 500;
/** How far a message that is lost at once gets on the picture, in px and as a share of its way. */
const STUB_PX = 10;
const STUB = 0.42;

/** One message as it is drawn. */
export interface Arrow {
  readonly x: number;
  readonly y: number;
  readonly toX: number;
  readonly toY: number;
  readonly fate: number;
}

/** Where a message is drawn; undefined if one of its ends is hidden. */
export function arrowOf(picture: Picture, i: number): Arrow | undefined {
  const { model, laneY } = picture;
  const { data, flights, laneOfNode } = model;
  const sent = flights.sent[i] as number;
  const from = laneOfNode[data.from[sent] as number] as number;
  const to = laneOfNode[data.to[sent] as number] as number;
  const y = laneY[from] ?? NaN;
  const endY = laneY[to] ?? NaN;
  if (Number.isNaN(y) || Number.isNaN(endY) || from === to) return undefined;
  const x = xOf(picture, flights.fromUs[i] as number);
  const end = xOf(picture, flights.untilUs[i] as number);
  const fate = flights.fate[i] as number;
  if (fate !== LOST) return { x, y, toX: end, toY: endY, fate };
  const toX = Math.max(end, x + STUB_PX);
  return { x, y, toX, toY: y + (endY - y) * (end - x > STUB_PX ? 0.85 : STUB), fate };
}

/** Is a message of a type and with a fate that are shown? */
export function isShown({ model, state }: Picture, i: number): boolean {
  const { data, flights, typeOf, types } = model;
  const { hiddenFates, hiddenTypes } = state;
  if (hiddenFates.size > 0 && hiddenFates.has(flights.fateOf(i))) return false;
  if (hiddenTypes.size === 0) return true;
  const type = typeOf[data.label[flights.sent[i] as number] as number] as number;
  return !hiddenTypes.has(types[type] ?? '');
}

/** The messages in the window. */
export function drawFlights(picture: Picture): void {
  const { model, window } = picture;
  const { flights } = model;
  const [first, end] = flights.during(window.fromUs, window.untilUs);
  // A power of two, and by the number of the message: panning does not make them flicker.
  let every = 1;
  while ((end - first) / every > MOST) every *= 2;
  const hasHeads = end - first < MOST_HEADS;
  const groups = new Map<string, number[]>();
  for (let i = first; i < end; i++) {
    const fate = flights.fate[i] as number;
    const isPlain = fate === DELIVERED;
    if ((flights.untilUs[i] as number) < window.fromUs) continue;
    // What went wrong is rarer, and thinned out less.
    if (i % (isPlain ? every : Math.max(1, every >> 4)) !== 0) continue;
    if (!isShown(picture, i)) continue;
    const key = styleKey(picture, i);
    const same = groups.get(key);
    if (same === undefined) groups.set(key, [i]);
    else same.push(i);
  }
  for (const [key, members] of groups) drawGroup(picture, key, members, end - first, hasHeads);
}

/** Messages that look alike are one path. */
function styleKey({ model, cone }: Picture, i: number): string {
  const { data, flights, typeOf } = model;
  const sent = flights.sent[i] as number;
  const label = data.label[sent] as number;
  const ended = flights.ended[i] as number;
  const isApart =
    cone !== undefined &&
    (cone.of[data.event[sent] as number] === 0 ||
      (ended >= 0 && cone.of[data.event[ended] as number] === 0));
  const reply = isReply(data.string(label)) ? 1 : 0;
  return `${typeOf[label]} ${flights.fate[i]} ${reply} ${isApart ? 1 : 0}`;
}

function drawGroup(
  picture: Picture,
  key: string,
  members: readonly number[],
  crowd: number,
  hasHeads: boolean,
): void {
  const { context, palette } = picture;
  const [type = -1, fate = 0, reply = 0, apart = 0] = key.split(' ').map(Number);
  const isBad = fate === LOST || fate === DAMAGED;
  const colour = isBad ? palette.bad : hueOfType(picture, type);
  const arrows = members.map((i) => arrowOf(picture, i)).filter((arrow) => arrow !== undefined);
  context.strokeStyle = colour;
  context.lineWidth = fate === DELIVERED || fate === DELAYED ? 1 : 1.4;
  const plain = crowd > 700 ? 0.3 : crowd > 250 ? 0.5 : reply === 1 ? 0.6 : 0.9;
  const isUsual = fate === DELIVERED || fate === DELAYED || fate === DUPLICATED;
  context.globalAlpha = apart === 1 ? 0.1 : isUsual ? plain : 0.95;
  context.setLineDash([...(DASHES[fate] ?? [])]);
  context.beginPath();
  for (const { x, y, toX, toY } of arrows) {
    context.moveTo(x, y);
    context.lineTo(toX, toY);
  }
  context.stroke();
  context.setLineDash([]);
  if (fate === LOST && arrows.length < 1500) {
    for (const { toX, toY } of arrows) cross(context, toX, toY, 3, colour);
  } else if (hasHeads) heads(context, arrows, colour);
  context.globalAlpha = 1;
}

function heads(context: CanvasRenderingContext2D, arrows: readonly Arrow[], colour: string): void {
  context.fillStyle = colour;
  context.beginPath();
  for (const { x, y, toX, toY } of arrows) {
    const length = Math.hypot(toX - x, toY - y);
    if (length < 14) continue;
    const [dx, dy] = [(toX - x) / length, (toY - y) / length];
    // Before the dot of the arrival.
    const [tipX, tipY] = [toX - dx * 3, toY - dy * 3];
    context.moveTo(tipX, tipY);
    context.lineTo(tipX - dx * 7 - dy * 3, tipY - dy * 7 + dx * 3);
    context.lineTo(tipX - dx * 7 + dy * 3, tipY - dy * 7 - dx * 3);
    context.closePath();
  }
  context.fill();
}

/** So many of the causes stand out. */
const NEAREST = 16;

/** The messages that led to the selected event, one after the other, and that it led to. */
export function drawChain(picture: Picture): void {
  const { model, state, context, palette } = picture;
  const { data, causality, flights } = model;
  if (state.selected < 0) return;
  const event = data.event[state.selected] as number;
  const chain = causality.chainOf(event);
  const draw = (events: readonly number[], colour: string, width: number): void => {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.beginPath();
    for (const e of events) {
      const i = flights.endedBy(causality.recordOf[e] ?? -1);
      const arrow = i === undefined ? undefined : arrowOf(picture, i);
      if (arrow !== undefined) {
        context.moveTo(arrow.x, arrow.y);
        context.lineTo(arrow.toX, arrow.toY);
      } else stay(picture, e);
    }
    context.stroke();
  };
  draw(causality.effectsOf(event), palette.hues[2] as string, 2);
  // The whole of a long one would hide what it went through.
  context.globalAlpha = 0.55;
  draw(chain.slice(NEAREST), palette.select, 1);
  context.globalAlpha = 1;
  draw(chain.slice(0, NEAREST), palette.select, 2.5);
  ring(picture, state.selected);
}

/** From its cause an event has come along its own lane. */
function stay(picture: Picture, event: number): void {
  const { model, context, laneY } = picture;
  const { causality, data } = model;
  const cause = causality.causeOf(event);
  const lane = causality.laneOf[event] ?? -1;
  if (cause === undefined || lane < 0 || causality.laneOf[cause] !== lane) return;
  const y = laneY[lane] as number;
  const at = (e: number): number =>
    xOf(picture, data.timeUs[causality.recordOf[e] as number] as number);
  context.moveTo(at(cause), y);
  context.lineTo(at(event), y);
}

function ring(picture: Picture, record: number): void {
  const { model, context, palette, laneY } = picture;
  const { data, laneOfNode } = model;
  const lane = laneOfNode[data.node[record] as number] as number;
  const y = laneY[lane] ?? NaN;
  if (Number.isNaN(y)) return;
  const x = xOf(picture, data.timeUs[record] as number);
  context.strokeStyle = palette.select;
  context.fillStyle = palette.card;
  context.lineWidth = 2.5;
  context.beginPath();
  context.arc(x, y, 6, 0, 2 * Math.PI);
  context.stroke();
}
