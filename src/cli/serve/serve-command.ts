/** `serve`: its options and its help. */
import { Option } from 'commander'
import { MATCHES } from '../../shared/protocol/served.ts'
import type { CommandLine } from '../command-line.ts'
import { connectionOption, durationOption, hostOption, portOption, speedOption } from '../common-options.ts'
import { origin, repeated } from '../option-values.ts'
import type { ServeCommandOptions } from './run-server.ts'

const EXAMPLES = `
Examples:
  Stand in for the recorded server:
    $ realtime-inspector serve traffic.rtsession --port 8080
  Answer without waiting, but only after the same messages as recorded:
    $ realtime-inspector serve traffic.rtsession --speed max --match equal
  In a script, start it, wait for the first line, use the URL, and stop it:
    $ realtime-inspector serve traffic.rtsession > urls.jsonl & server=$!
    $ until test -s urls.jsonl; do sleep 0.1; done
    $ realtime-inspector connect "$(head -n 1 urls.jsonl | jq -r .listening)" \\
        --save now.rtsession --duration 10 --format none
    $ kill $server
  An endless stream for a page under development:
    $ realtime-inspector serve traffic.rtsession --port 8080 --loop

It prints one line of JSON with a URL for each recorded connection. Only --log
prints more. Programs and pages on this machine can connect. For pages of other
origins, or through other host names, add --allow-origin.
Exit codes: 0 after --duration, 1 failed, 2 wrong usage, 130 ended by Ctrl-C.`

function options(): Option[] {
  return [
    portOption(),
    hostOption('the recording'),
    new Option(
      '--allow-origin <ORIGIN>',
      'also accept pages of this origin, such as https://app.example, or * for any; repeatable',
    ).argParser(repeated(origin)),
    speedOption(),
    new Option(
      '--match <name>',
      'WebSocket: what to wait for before sending what followed a recorded client message: nothing (none), as many client messages (order), an equal message (equal; JSON is compared as JSON), or one that says the same with other ids (content) (default: content if the ids of the protocol are known, else order)',
    ).choices(MATCHES),
    new Option('--no-outages', 'leave out lost connections, refused attempts and failed responses'),
    new Option('--loop', 'start again at the end of the recording instead of ending as recorded'),
    connectionOption('serve only this connection of the session'),
    durationOption('stop after this time'),
    new Option('--log', 'print a line of JSON for each action of a client'),
  ]
}

/** `serve FILE` */
export const serve: CommandLine = {
  name: 'serve',
  description: 'serve the inbound side of a recorded session to real clients',
  operands: [['FILE', 'session file (or HAR)']],
  options: options(),
  examples: EXAMPLES,
  async run(file: string, given: ServeCommandOptions) {
    // Loaded late, because help and wrong usage do not need the server.
    const { runServer } = await import('./run-server.ts')
    return await runServer(file, given)
  },
}
