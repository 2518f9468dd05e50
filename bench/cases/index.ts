/** All cases, in the order of the table in README.md. */
import type { Case } from '../harness/types.ts'
import { compare } from './compare.ts'
import { convert } from './convert.ts'
import { decode } from './decode.ts'
import { deflate } from './deflate.ts'
import { diagnose } from './diagnose.ts'
import { http2 } from './http2.ts'
import { largeHarCase } from './large-har.ts'
import { longPoll } from './long-poll.ts'
import { many } from './many.ts'
import { memory } from './memory.ts'
import { ndjson } from './ndjson.ts'
import { open } from './open.ts'
import { proxy } from './proxy.ts'
import { search } from './search.ts'
import { serve } from './serve.ts'
import { sessionFiles } from './session-files.ts'
import { sse } from './sse.ts'
import { terminal } from './terminal.ts'
import { websocket } from './websocket.ts'

export const CASES: readonly Case[] = [
  websocket,
  deflate,
  sse,
  http2,
  ndjson,
  longPoll,
  terminal,
  proxy,
  serve,
  many,
  open,
  sessionFiles,
  convert,
  largeHarCase,
  compare,
  search,
  decode,
  diagnose,
  memory,
]
