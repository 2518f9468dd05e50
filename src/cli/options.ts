/** Options that several commands have. */
import { Option } from 'commander'
import { maskable, proxy, repeated, text } from './values.ts'

/** How to reach the peer. */
export function networkOptions(): Option[] {
  return [
    new Option('--insecure', 'accept any certificate of the server that the URL names'),
    new Option('--ca <FILE>', 'trust these certificates too (PEM); repeatable').argParser(repeated(text)),
    new Option('--cert <FILE>', 'client certificate (PEM) for the server that the URL names, with --key'),
    new Option('--key <FILE>', 'key of the client certificate (PEM)'),
    new Option('--plain-redirects', 'follow redirects from https and wss to http and ws'),
    new Option(
      '--proxy <URL>',
      'go through this proxy (default: HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment)',
    ).argParser(proxy),
  ]
}

/** Where the session goes. */
export function outputOptions(): Option[] {
  return [
    new Option('--save <FILE>', 'write the session to a file; one that exists is overwritten'),
    new Option(
      '--reveal <NAME>',
      'print and save the secrets of this name (a header, a query parameter) as they are; repeatable',
    ).argParser(repeated(text)),
    maskOption('print and save'),
    new Option(
      '--format <name>',
      'what to print: the session as JSON lines, a line for people, or nothing (default: pretty on a terminal, else jsonl)',
    ).choices(['jsonl', 'pretty', 'none']),
    new Option('--color', 'colour the pretty format even where it goes to no terminal'),
    new Option('--no-color', 'do not colour it (so does the environment variable NO_COLOR)'),
  ]
}

/** What is hidden in payloads; `verbs` is what is done with them. */
export function maskOption(verbs: string): Option {
  return new Option(
    '--mask <NAME|JSONPATH>',
    `${verbs} the fields of this name, or what this path ($.auth.token) leads to, as *** in payloads too; repeatable`,
  ).argParser(repeated(maskable))
}
