/** Rules about event streams and other streams over HTTP. */
import type { Rule } from '../../rule.ts'
import { resumeIgnored } from './resume-ignored.ts'

export const STREAM_RULES: readonly Rule[] = [resumeIgnored]
