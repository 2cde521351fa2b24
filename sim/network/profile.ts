import { byName } from '../plan/by-name.ts';

/**
 * A network profile: how long messages take and how they get lost, as plain data. Probabilities are
 * parts per million, ranges are whole numbers with both ends included.
 */
export interface NetworkProfile {
  readonly name: string;
  readonly description: string;
  /**
   * `labrpc`: the tester's network of the labs (labs.md §1.1). The caller of an RPC learns of a
   * loss at once, a disconnected server answers "failed" after a while, and a partition does not
   * hit requests in flight. `datagram`: lost is lost; a caller learns of it by its own time-out.
   * Partitions are looked up at sending and at delivery.
   */
  readonly style: 'labrpc' | 'datagram';
  /** Latency of every message, one way, in µs. At least 1: no hop takes zero time. */
  readonly latencyUs: Range;
  /** Delay of requests and one-way messages on top of it, in ms (whole ms, as in the labs). */
  readonly requestDelayMs: Range;
  /** Loss of requests and one-way messages. */
  readonly requestLossPpm: number;
  readonly replyLossPpm: number;
  /**
   * How likely a message shares the fate of the one before it of its type on its link, lost or
   * arriving twice, rather than meeting one of its own: faults come in bursts.
   */
  readonly burstPpm: number;
  /** How likely it takes as long as the one before. */
  readonly sameLatencyPpm: number;
  /** Replies held up for `200 + U(0 .. U(0 .. 1999))` ms: the labs' long reordering. */
  readonly longReplyPpm: number;
  /** Messages whose latency is drawn from `tailUs` instead. */
  readonly tailPpm: number;
  readonly tailUs: Range;
  /** An exponentially distributed time of this mean on top of the latency, in µs. */
  readonly meanExtraUs: number;
  /** Messages that arrive twice, the second time later. */
  readonly duplicatePpm: number;
  /**
   * One-way time between regions on top of it all, in µs: by the label `region` of sender and
   * receiver, as `eu>us` in alphabetical order. A node without that label is in `us`.
   */
  readonly regionUs?: Readonly<Record<string, number>> | undefined;
  /** labrpc only: when a caller learns that the server is absent or disconnected, in ms. */
  readonly disconnectedMs: Range;
  /** datagram only: a machine whose process is down answers at once that it is (a TCP reset). */
  readonly isRefusing: boolean;
  /** datagram only: time-out of calls that name none, in ms. */
  readonly callTimeoutMs: number;
  /** Name of the profile of the same style in which every message takes the same time. */
  readonly steady: string;
}

/** Lowest and highest value, both included. */
export type Range = readonly [lo: number, hi: number];

const LAB_RELIABLE: NetworkProfile = {
  name: 'lab-reliable',
  description: "the labs' network: nothing is lost, requests may overtake each other",
  style: 'labrpc',
  latencyUs: [100, 1000],
  requestDelayMs: [0, 0],
  requestLossPpm: 0,
  replyLossPpm: 0,
  burstPpm: 0,
  sameLatencyPpm: 0,
  longReplyPpm: 0,
  tailPpm: 0,
  tailUs: [0, 0],
  meanExtraUs: 0,
  duplicatePpm: 0,
  disconnectedMs: [0, 99],
  isRefusing: false,
  callTimeoutMs: 0,
  steady: 'lab-steady',
};

const LAB_STEADY: NetworkProfile = {
  ...LAB_RELIABLE,
  name: 'lab-steady',
  description: "the labs' network without any noise: every message takes 0.5 ms",
  latencyUs: [500, 500],
};

const LAB_UNRELIABLE: NetworkProfile = {
  ...LAB_RELIABLE,
  name: 'lab-unreliable',
  description: "the labs' unreliable network: requests wait 0-26 ms, 10 % of each way are lost",
  requestDelayMs: [0, 26],
  requestLossPpm: 100_000,
  replyLossPpm: 100_000,
};

const LAB_LONG_REORDERING: NetworkProfile = {
  ...LAB_UNRELIABLE,
  name: 'lab-long-reordering',
  description: 'lab-unreliable, and two thirds of the replies are 200-2199 ms late',
  longReplyPpm: 666_667,
};

const LAN: NetworkProfile = {
  name: 'lan',
  description: '0.1-0.8 ms, one message in a thousand up to 100 ms, rare loss, time-outs',
  style: 'datagram',
  latencyUs: [100, 800],
  requestDelayMs: [0, 0],
  requestLossPpm: 10,
  replyLossPpm: 10,
  burstPpm: 0,
  sameLatencyPpm: 0,
  longReplyPpm: 0,
  tailPpm: 1000,
  tailUs: [800, 100_000],
  meanExtraUs: 0,
  duplicatePpm: 0,
  disconnectedMs: [0, 0],
  isRefusing: true,
  callTimeoutMs: 50,
  steady: 'steady',
};

const WAN: NetworkProfile = {
  ...LAN,
  name: 'wan',
  description: 'by the label region (us, eu, ap): 45-110 ms between regions, 0.1 % lost',
  latencyUs: [300, 5000],
  requestLossPpm: 1000,
  replyLossPpm: 1000,
  tailUs: [5000, 300_000],
  regionUs: { 'eu>us': 45_000, 'ap>us': 85_000, 'ap>eu': 110_000 },
  callTimeoutMs: 1000,
};

const MADSIM: NetworkProfile = {
  ...LAN,
  name: 'madsim',
  description: 'as MadSim does by default: 1-10 ms, nothing lost, time-outs',
  latencyUs: [1000, 10_000],
  requestLossPpm: 0,
  replyLossPpm: 0,
  tailPpm: 0,
};

const VOPR: NetworkProfile = {
  ...LAN,
  name: 'vopr',
  description: "in the manner of TigerBeetle's VOPR: 10 ms and more, 10 % lost, 10 % twice",
  latencyUs: [10_000, 10_000],
  meanExtraUs: 40_000,
  requestLossPpm: 100_000,
  replyLossPpm: 100_000,
  duplicatePpm: 100_000,
  tailPpm: 0,
  isRefusing: false,
  callTimeoutMs: 300,
};

const JEPSEN: NetworkProfile = {
  ...LAN,
  name: 'jepsen',
  description: "in the manner of Jepsen's slow and flaky nets: 40-60 ms, 20 % lost, 20 % twice",
  latencyUs: [40_000, 60_000],
  requestLossPpm: 200_000,
  replyLossPpm: 200_000,
  duplicatePpm: 200_000,
  burstPpm: 750_000,
  sameLatencyPpm: 250_000,
  tailPpm: 0,
  isRefusing: false,
  callTimeoutMs: 500,
};

const STEADY: NetworkProfile = {
  ...LAN,
  name: 'steady',
  description: 'no noise at all: every message takes 0.5 ms; time-outs',
  latencyUs: [500, 500],
  requestLossPpm: 0,
  replyLossPpm: 0,
  tailPpm: 0,
};

/**
 * With long delays, which all official Raft tests use, the caller of a disconnected server waits up
 * to seven seconds.
 */
function withLongDelays(profile: NetworkProfile): NetworkProfile {
  return {
    ...profile,
    name: `${profile.name}-long-delays`,
    description: `${profile.description}; calls to a disconnected server fail after 0-7 s`,
    disconnectedMs: [0, 6999],
    steady: `${profile.steady}-long-delays`,
  };
}

const LABS = [LAB_RELIABLE, LAB_UNRELIABLE, LAB_LONG_REORDERING, LAB_STEADY];

/** All profiles by name. */
export const profiles: ReadonlyMap<string, NetworkProfile> = new Map(
  [...LABS, ...LABS.map(withLongDelays), LAN, WAN, MADSIM, VOPR, JEPSEN, STEADY].map((profile) => [
    profile.name,
    profile,
  ]),
);

/** @throws PlanError naming the profiles there are */
export function profileByName(name: string): NetworkProfile {
  return byName('network', profiles, name);
}
