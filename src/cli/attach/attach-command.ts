/** `attach`: its options and its help. */
import { Option } from 'commander'
import type { CommandLine } from '../command-line.ts'
import { durationOption, maxMessagesOption, outputOptions } from '../common-options.ts'
import type { AttachCommandOptions } from './run-attachment.ts'

const EXAMPLES = `
Records what a program does: its WebSockets, event streams, HTTP streams and
polls, each with the line of the program that opened it. Start the program so
that it has a DevTools endpoint:
  chrome --remote-debugging-port=9222 --user-data-dir=FOLDER
  node --inspect --experimental-network-inspection app.js
  deno run --inspect app.ts
The first line on standard error says what this program does not report.

Examples:
  All pages of a browser, saved to a file:
    $ realtime-inspector attach http://127.0.0.1:9222 --save app.rtsession
  One page, by the URL that /json/list of the endpoint names:
    $ realtime-inspector attach ws://127.0.0.1:9222/devtools/page/5B0A…
  A Node.js program, only its connections to one server:
    $ realtime-inspector attach http://127.0.0.1:9229 --match api.example

Exit codes: 0 the program ended, or a limit was reached; 1 failed, 2 wrong
usage, 130 ended by Ctrl-C, after which the program goes on.`

/** `attach ENDPOINT` */
export const attach: CommandLine = {
  name: 'attach',
  description: 'record the realtime traffic of a browser, Node.js or Deno through its DevTools endpoint',
  operands: [['ENDPOINT', 'such as http://127.0.0.1:9222, or the ws: URL of a page or a program']],
  options: [
    new Option('--match <URL-PART>', 'only connections with this text in their URL'),
    maxMessagesOption('detach after this many inbound messages of all connections'),
    durationOption('detach after this time'),
    ...outputOptions(),
  ],
  examples: EXAMPLES,
  async run(endpoint: string, given: AttachCommandOptions) {
    // Loaded late, because help and wrong usage do not need the engine.
    const { runAttachment } = await import('./run-attachment.ts')
    return await runAttachment(endpoint, given)
  },
}
