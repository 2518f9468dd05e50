/** Serves the tools for agents on standard input and output, until the client goes. */
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { isWholeDisk } from '../../agents/recording-path.ts'
import { maskingOf } from '../../session/payload-masks.ts'
import { requireValid, UsageError } from '../command-line.ts'
import { EXIT, onSignal } from '../exit.ts'
import { printNotice } from '../standard-error.ts'
import { makeServer } from './server.ts'
import { TerminalHost } from './terminal-host.ts'

export interface McpOptions {
  readonly allow?: readonly string[]
  readonly folder?: string
  readonly mask?: readonly string[]
  readonly save?: string
}

/** Resolves with the exit code. Nothing but messages of the protocol is written to standard output. */
export async function runMcp({ allow = [], folder, mask = [], save }: McpOptions): Promise<number> {
  requireValid(() => maskingOf({ mask }))
  if (folder !== undefined && isWholeDisk(folder))
    throw new UsageError('--folder names a whole disk; name the folder with your recordings.')
  const root = folder ?? process.cwd()
  if (isWholeDisk(root))
    printNotice(
      'No recordings can be read, because the working directory is a whole disk; name a folder with --folder.',
    )
  const host = await TerminalHost.start({
    folder: isWholeDisk(root) ? undefined : root,
    mask,
    log: ({ level, message }) => {
      if (level !== 'info') printNotice(message)
    },
  })
  const server = makeServer({ host, allow })
  server.onerror = (error) => printNotice(`A message of the client could not be used: ${error.message}`)
  const code = await new Promise<number>((resolve, reject) => {
    const stopListening = onSignal(end)
    function end(code: number): void {
      stopListening()
      resolve(code)
    }
    server.onclose = () => end(EXIT.done)
    // The client ends the server by closing its input.
    process.stdin.on('end', () => end(EXIT.done))
    process.stdout.on('error', () => end(EXIT.done))
    server.connect(new StdioServerTransport()).catch(reject)
  })
  await host.end(save)
  return code
}
