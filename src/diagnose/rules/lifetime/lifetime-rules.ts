/** Rules about how connections live and end. */
import type { Rule } from '../../rule.ts'
import { closeCode } from './close-code.ts'
import { halfOpen } from './half-open.ts'
import { heartbeatMissed } from './heartbeat-missed.ts'
import { idleTimeout } from './idle-timeout.ts'
import { lifetimeLimit } from './lifetime-limit.ts'
import { noCloseFrame } from './no-close-frame.ts'
import { pingRacesTimeout } from './ping-races-timeout.ts'
import { readerTooSlow } from './reader-too-slow.ts'
import { reconnectStorm } from './reconnect-storm.ts'

export const LIFETIME_RULES: readonly Rule[] = [
  idleTimeout,
  pingRacesTimeout,
  lifetimeLimit,
  halfOpen,
  heartbeatMissed,
  noCloseFrame,
  closeCode,
  readerTooSlow,
  reconnectStorm,
]
