/** Rules about how connections live and end. */
import type { Rule } from '../../rule.ts'
import { idleTimeout } from './idle-timeout.ts'
import { lifetimeLimit } from './lifetime-limit.ts'

export const LIFETIME_RULES: readonly Rule[] = [idleTimeout, lifetimeLimit]
