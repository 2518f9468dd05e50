/** `run`: its options and its help. */
import { Option } from 'commander'
import { DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import { authOption } from '../auth/auth-option.ts'
import type { CommandLine } from '../command-line.ts'
import {
  automaticOptions,
  browserOption,
  cookieOption,
  durationOption,
  expectOption,
  httpOption,
  latencyOption,
  networkOptions,
  outputOptions,
  protocolOption,
  requestOption,
} from '../common-options.ts'
import { sendOptions } from '../connect/send-options.ts'
import { EXIT } from '../exit.ts'
import { integer, repeated, variable } from '../option-values.ts'
import type { RunOptions } from './run-plan.ts'

const EXAMPLES = `
Examples:
  Run all requests of a file, one after another:
    $ realtime-inspector run shop.http
  Run two of them in an environment of http-client.env.json:
    $ realtime-inspector run shop.http login chat --env dev
  In CI, with a secret from the environment, a report and a recording:
    $ CHAT_TOKEN=… realtime-inspector run shop.http --env staging \\
        --junit junit.xml --save shop.rtsession --format none
  See what a file has, and run nothing:
    $ realtime-inspector run shop.http --list

A request ends when the server ends it, or by # @max-messages or # @duration.
A WebSocket without them ends once its messages are sent and its waits are
done: at once after a last === wait-for-server, else when no message has come
for 2 seconds. What does not end fails after 5 minutes.
{{$secret NAME}} is looked up in the file of --secrets, then in the environment
variables REALTIME_SECRET_NAME and NAME. Its value is printed and saved as ***.
{{$auth.token("NAME")}} is a token of Security.Auth in http-client.env.json. To
sign in, open the URL that is printed. The program waits for 5 minutes.
Exit codes: 0 done, 1 a request failed, 2 wrong usage or a mistake in the file,
130 ended by Ctrl-C. A second Ctrl-C exits at once.`

function options(): Option[] {
  return [
    new Option(
      '--env <NAME>',
      'use this environment of http-client.env.json and http-client.private.env.json',
    ),
    new Option('--var <NAME=VALUE>', 'set a variable, or answer a {{$prompt NAME}}; repeatable').argParser(
      repeated(variable),
    ),
    new Option(
      '--secrets <FILE>',
      'read the values of {{$secret NAME}} from this file, NAME=VALUE on each line as in .env, or - for standard input',
    ),
    new Option('--list', 'list the requests with their places, and run nothing'),
    new Option('--junit <FILE>', 'write a JUnit report to this file; an existing file is overwritten'),
    new Option(
      '--max-messages <N>',
      'end each request after this many inbound messages; wins over its # @max-messages',
    ).argParser(integer(1, Number.MAX_SAFE_INTEGER)),
    durationOption('end each request after this time; wins over its # @duration'),
    requestOption(
      '--timeout <MS>',
      `time for a connection to open, and for each step of a request (default: that of the file, or ${DEFAULT_TIMEOUT})`,
    ),
    ...automaticOptions('on the connection of each request'),
    expectOption(),
    ...sendOptions('after those of each request that can send messages'),
    requestOption(
      '--protocol <NAME>',
      'speak this protocol in each request that can stay open: do its handshake and its heartbeats, and decode by it',
    ),
    protocolOption(
      'an option of the protocol, such as realm=a, or the options in a file, one on each line; repeatable',
    ),
    authOption('with each request, in place of those in the file'),
    browserOption(),
    httpOption(),
    latencyOption(),
    cookieOption('the requests share a jar in memory'),
    ...networkOptions(),
    ...outputOptions(),
  ]
}

/** `run FILE [NAME…]` */
export const runFile: CommandLine = {
  name: 'run',
  description: 'run the requests of a .http file, one after another, in one session',
  operands: [
    ['FILE', 'request file (.http or .rest)'],
    ['[NAME…]', 'names of the requests to run (default: all)'],
  ],
  options: options(),
  examples: EXAMPLES,
  async run(file: string, names: readonly string[], given: RunOptions) {
    // Loaded late, because help does not need what reads and runs requests.
    const { RequestText } = await import('./request-text.ts')
    const text = await RequestText.read(file)
    const chosen = text.choose(names)
    if (given.list === true) {
      const { listRequests } = await import('./list-requests.ts')
      return await listRequests(text, chosen)
    }
    const { checkFiles, withoutOthers } = await import('./file-problems.ts')
    const requests = names.length === 0 ? withoutOthers(text, chosen) : chosen
    const { planRun } = await import('./run-plan.ts')
    const plan = await planRun(text, requests, given)
    if (!(await checkFiles(plan))) return EXIT.usage
    const { runRequests } = await import('./run-requests.ts')
    return await runRequests(plan)
  },
}
