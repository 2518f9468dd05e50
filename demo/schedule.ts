/** Timers that end with the client they belong to. */
import type { EventEmitter } from 'node:events'

/** Calls `action` repeatedly, each time after `delay()` milliseconds, until `owner` emits `close`. */
export function repeat(owner: EventEmitter, delay: () => number, action: () => void): void {
  let timer: NodeJS.Timeout
  const schedule = () => {
    timer = setTimeout(() => {
      action()
      schedule()
    }, delay())
  }
  schedule()
  owner.once('close', () => clearTimeout(timer))
}

/** Calls `action` once after `delay` milliseconds, unless `owner` emits `close` first. */
export function later(owner: EventEmitter, delay: number, action: () => void): void {
  const giveUp = () => clearTimeout(timer)
  const timer = setTimeout(() => {
    owner.off('close', giveUp)
    action()
  }, delay)
  owner.once('close', giveUp)
}
