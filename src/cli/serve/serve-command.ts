/** The command line of `serve`: its options and its help. */
import { Option } from 'commander'
import { MATCHES } from '../../shared/protocol/served.ts'
import type { CommandLine } from '../command-line.ts'
import { integer, origin, repeated, seconds, speed } from '../option-values.ts'
import type { ServeCommandOptions } from './run-server.ts'

const EXAMPLES = `
Examples:
  Be the server that a session was recorded from:
    $ realtime-inspector serve traffic.rtsession --port 8080
  Answer at once, and only what the client asks for as it did then:
    $ realtime-inspector serve traffic.rtsession --speed max --match equal
  In a script: start it, wait for the first line, use the URL, stop it:
    $ realtime-inspector serve traffic.rtsession > urls.jsonl & server=$!
    $ until test -s urls.jsonl; do sleep 0.1; done
    $ realtime-inspector connect "$(head -n 1 urls.jsonl | jq -r .listening)" \\
        --save now.rtsession --duration 10 --format none
    $ kill $server
  An endless stream for a page under development:
    $ realtime-inspector serve traffic.rtsession --port 8080 --loop

It prints one line of JSON for each recorded connection, with the URL to use,
and nothing more, except with --log. Programs and pages of this machine may
connect; pages of other origins, and by other host names, with --allow-origin.
Exit codes: 0 after --duration, 1 failed, 2 wrong usage, 130 ended by Ctrl-C.`

function options(): Option[] {
  return [
    new Option('--port <N>', 'listen on this port; 0 picks a free one (default: 0)').argParser(
      integer(0, 65_535),
    ),
    new Option(
      '--host <ADDRESS>',
      'listen on this address of the machine; any but 127.0.0.1 lets the network read what was recorded',
    ).default('127.0.0.1'),
    new Option(
      '--allow-origin <ORIGIN>',
      'let pages of this origin connect too, such as https://app.example, or * for any; repeatable',
    ).argParser(repeated(origin)),
    new Option('--speed <N|max>', 'times as fast as recorded; max does not wait (default: 1)').argParser(
      speed,
    ),
    new Option(
      '--match <name>',
      'WebSocket: what is waited for before what followed a recorded message of the client is sent: nothing, as many messages of the client, or one that is equal (as JSON where it is JSON)',
    )
      .choices(MATCHES)
      .default('order'),
    new Option('--no-outages', 'leave out lost connections, refused attempts and failed answers'),
    new Option('--loop', 'start over at the end of a recording rather than end as it did'),
    new Option('--connection <N>', 'serve only this connection of the session').argParser(integer(1, 0xffff)),
    new Option('--duration <SECONDS>', 'stop after this time').argParser(seconds),
    new Option('--log', 'print a line of JSON for what clients do'),
  ]
}

/** `serve FILE` */
export const serve: CommandLine = {
  name: 'serve',
  description: 'serve the recorded side of a session to real clients, as it was',
  operands: [['FILE', 'session file (or HAR)']],
  options: options(),
  examples: EXAMPLES,
  async run(file: string, given: ServeCommandOptions) {
    // Loaded only now: help and wrong usage need no server.
    const { runServer } = await import('./run-server.ts')
    return await runServer(file, given)
  },
}
