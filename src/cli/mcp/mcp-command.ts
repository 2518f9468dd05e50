/** `mcp`: its options and its help. */
import { Option } from 'commander'
import type { CommandLine } from '../command-line.ts'
import { maskingOptions } from '../common-options.ts'
import { fromNpmPackage } from '../npm-only.ts'
import { repeated, text } from '../option-values.ts'
import type { McpOptions } from './run-mcp.ts'

const EXAMPLES = `
Tools: realtime_connect, realtime_list, realtime_events, realtime_send,
realtime_wait, realtime_diagnose, realtime_compare, realtime_disconnect.
docs/agents.md describes them, and how to set up clients.

Before a connection opens or something is sent, the client asks you, if it
supports elicitation. Otherwise only the hosts of --allow can be used, or
without --allow, servers on this machine.
Recordings are read in the working directory or --folder only.

Examples:
  In the configuration of a client, for servers on this machine:
    {"command": "realtime-inspector", "args": ["mcp", "--allow", "loopback"]}
  For one other host, with a field of payloads that models must not see:
    $ realtime-inspector mcp --allow api.example.com --mask customer

Exit codes: 0 the client closed the input, 1 failed, 2 wrong usage, 130 ended
by Ctrl-C.`

const mask = maskingOptions('show').filter(({ long }) => long === '--mask')

/** `mcp` */
export const mcp: CommandLine = {
  name: 'mcp',
  description: 'serve tools for agents by the Model Context Protocol, on standard input and output',
  operands: [],
  options: [
    new Option(
      '--allow <HOST>',
      'let agents connect and send to this host without a question: a name or an address, with or without a port, loopback for this machine, or any; repeatable',
    ).argParser(repeated(text)),
    new Option(
      '--folder <FOLDER>',
      'let agents read the recordings in this folder and below it (default: the working directory)',
    ),
    ...mask,
    new Option('--save <FILE>', 'write the session to this file at the end; an existing file is overwritten'),
  ],
  examples: EXAMPLES,
  async run(given: McpOptions) {
    // Loaded late, because help does not need the engine and the protocol.
    const { runMcp } = await fromNpmPackage('mcp', () => import('./run-mcp.ts'))
    return await runMcp(given)
  },
}
