import { setTimeout as delay } from 'node:timers/promises'

/** Resolves when the value has not changed for half a second. */
export async function settled(value: () => number): Promise<void> {
  for (let before = -1, same = 0; same < 5; ) {
    await delay(100)
    same = value() === before ? same + 1 : 0
    before = value()
  }
}
