/** Which terminal tool makes a connection again. */
import { Failure } from '../../shared/failure.ts'
import type { CommandTool } from '../../shared/protocol/payloads.ts'

/** The tool that makes connections to a URL. Throws NO_TOOL for one that is none of ours: it may come from a file. */
export function toolFor(url: string): CommandTool {
  if (/^wss?:\/\//i.test(url)) return 'websocat'
  if (/^https?:\/\//i.test(url)) return 'curl'
  throw new Failure('NO_TOOL', 'There is no command for a URL that is not of http, https, ws or wss.')
}
