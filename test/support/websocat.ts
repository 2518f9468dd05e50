/**
 * A stand-in for websocat 1.x with the options that our commands use, as its `--help=long` and sources describe them.
 * It sends its input over one connection to a real server, and prints what it receives.
 * Run as a program: `node test/support/websocat.ts …`.
 */
import { once } from 'node:events'
import { argv, stdin, stdout } from 'node:process'
import { buffer } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { WebSocket } from 'ws'

const { values, positionals } = parseArgs({
  args: argv.slice(2),
  allowPositionals: true,
  options: {
    text: { type: 'boolean' },
    'no-close': { type: 'boolean' },
    base64: { type: 'boolean' },
    'base64-text': { type: 'boolean' },
    'text-prefix': { type: 'string' },
    'binary-prefix': { type: 'string' },
    'buffer-size': { type: 'string', default: '65536' },
    preamble: { type: 'string', multiple: true, default: [] },
    protocol: { type: 'string' },
    header: { type: 'string', multiple: true, default: [] },
  },
})
const [url, ...others] = positionals
if (url === undefined || others.length > 0) throw new RangeError(`one URL, not ${positionals}`)
if (values.text !== true) throw new RangeError('only --text is supported')

const socket = new WebSocket(url, values.protocol?.split(', ') ?? [], {
  headers: Object.fromEntries(
    values.header.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  ),
})
const prefixes = { text: values['text-prefix'], binary: values['binary-prefix'] }

socket.on('message', (data: Buffer, isBinary) => {
  const [prefix, encodes] = isBinary
    ? [prefixes.binary, values.base64]
    : [prefixes.text, values['base64-text']]
  stdout.write(`${prefix ?? ''}${encodes === true ? data.toString('base64') : data}\n`)
})
await once(socket, 'open')

/** Converts an input to a message: removes its prefix, which says the kind, and decodes Base64. */
function send(input: Buffer): void {
  let [isBinary, rest] = [false, input]
  for (const kind of ['text', 'binary'] as const) {
    const prefix = prefixes[kind]
    if (prefix === undefined || !rest.toString('latin1').startsWith(prefix)) continue
    isBinary = kind === 'binary'
    rest = rest.subarray(prefix.length)
  }
  const isEncoded = isBinary ? values.base64 : values['base64-text']
  socket.send(isEncoded === true ? Buffer.from(rest.toString('latin1'), 'base64') : rest, {
    binary: isBinary,
  })
}

// All equals signs before a value are dropped.
for (const message of values.preamble) send(Buffer.from(message.replace(/^=+/, '')))
const input = await buffer(stdin)
for (let from = 0; from < input.length; ) {
  const newline = input.indexOf(10, from)
  // A line is sent with its newline, unless it is decoded from Base64.
  const line = input.subarray(from, newline < 0 ? input.length : newline + 1)
  if (line.length > Number(values['buffer-size'])) throw new RangeError(`a line of ${line.length} bytes`)
  send(line)
  from += line.length
}
if (values['no-close'] === true) await once(socket, 'close')
else socket.close()
