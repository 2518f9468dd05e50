/** Which terminal tool makes a connection again. */
import { Failure } from '../../shared/failure.ts'
import type { CommandTool } from '../../shared/protocol/payloads.ts'
import { schemeOf } from '../../shared/transports.ts'

/** The tool that makes connections to a URL. Throws NO_TOOL for one that is none of ours: it may come from a file. */
export function toolFor(url: string): CommandTool {
  const scheme = schemeOf(url)
  if (scheme !== undefined) return scheme === 'ws' ? 'websocat' : 'curl'
  throw new Failure('NO_TOOL', 'There is no command for a URL that is not of http, https, ws or wss.')
}
