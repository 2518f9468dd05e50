/** `authority`: its options and its help. */
import { type CommandLine, UsageError } from '../command-line.ts'

const ACTIONS = ['create', 'show', 'remove'] as const
type Action = (typeof ACTIONS)[number]

const EXAMPLES = `
"proxy --forward --decrypt HOST" records what programs send over TLS. They must trust the
proxy's certificates for that, which a local authority signs. You make it for
the hosts that you name, and make programs trust it yourself. Its key stays on
this machine, readable only for you. While programs trust it, whoever gets that
key can pretend to be those hosts: remove it when you are done.

Examples:
  Make an authority for one host and those below it:
    $ realtime-inspector authority create api.example.com
  Trust it in one command only:
    $ NODE_EXTRA_CA_CERTS="$(realtime-inspector authority show)" node app.js
  Remove it:
    $ realtime-inspector authority remove`

/** `authority ACTION [HOST…]` */
export const authority: CommandLine = {
  name: 'authority',
  description: 'make or remove the local authority by which the proxy records TLS',
  operands: [
    ['ACTION', `${ACTIONS.join(', ')}: make it, print the file of its certificate, delete it`],
    ['[HOST…]', 'with create: the hosts that it is for, with those below them'],
  ],
  options: [],
  examples: EXAMPLES,
  async run(action: string, hosts: readonly string[]) {
    if (!isAction(action)) throw new UsageError(`"${action}" is not one of ${ACTIONS.join(', ')}.`)
    if (action === 'create' && hosts.length === 0)
      throw new UsageError('authority create needs the hosts that the authority is for.')
    if (action !== 'create' && hosts.length > 0) throw new UsageError(`authority ${action} takes no hosts.`)
    const { runAuthority } = await import('./run-authority.ts')
    return await runAuthority(action, hosts)
  },
}

function isAction(text: string): text is Action {
  return ACTIONS.some((action) => action === text)
}
