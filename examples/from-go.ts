import type { Env, Peer } from 'faultlab/sim';

/** Ask all others at once, as a goroutine for each of them would. */
export function askAll(env: Env, peers: readonly Peer[], me: number, args: object): void {
  for (const [i, peer] of peers.entries()) {
    if (i === me) continue;
    env.spawn('ask', async () => {
      const reply = await peer.call('RequestVote', args);
      if (reply === undefined) return; // Go's false: lost, or nobody is there.
      env.log(`s${i} has answered`);
    });
  }
}

/** `for msg := range ch`, with a look at something else every 50 ms. */
export async function consume(env: Env): Promise<void> {
  const channel = env.channel<string>(8);
  env.spawn('producer', async () => {
    await channel.send('one');
    channel.close();
  });
  for (;;) {
    const received = await channel.receive(50);
    if (received.status === 'closed') return;
    if (received.status === 'value') env.log(received.value);
  }
}

/** `for !ready { cond.Wait() }` */
export async function untilReady(env: Env, isReady: () => boolean): Promise<void> {
  const mutex = env.mutex();
  const condition = env.condition(mutex);
  await mutex.lock();
  while (!isReady()) await condition.wait();
  mutex.unlock();
}
