/** Makes, shows and removes the local authority. The file of its certificate goes to standard output, guidance to standard error. */
import { createAuthority, readAuthority, removeAuthority } from '../../proxy/authority/store.ts'
import { EXIT } from '../exit.ts'
import { printNotice } from '../standard-error.ts'

/** How to trust a certificate, and how to stop. */
const GUIDANCE = `Make a program trust it:
  Node.js    NODE_EXTRA_CA_CERTS=FILE
  curl       --cacert FILE
  Chrome     Settings > Privacy and security > Security > Manage certificates > Custom > Installed by you
  Firefox    Settings > Privacy & Security > Certificates > View Certificates > Authorities > Import
When you are done, remove it there as well, and then with "realtime-inspector authority remove".`

/** Resolves with the exit code. Rejects with a `Failure`. */
export async function runAuthority(
  action: 'create' | 'show' | 'remove',
  hosts: readonly string[],
): Promise<number> {
  if (action === 'remove') {
    const file = await removeAuthority()
    printNotice(
      file === undefined
        ? 'There is no local authority.'
        : 'The local authority is deleted. Remove its certificate from the programs that trust it, too.',
    )
    return EXIT.done
  }
  const {
    file,
    hosts: certified,
    validTo,
  } = await (action === 'create' ? createAuthority(hosts) : readAuthority())
  process.stdout.write(`${file}\n`)
  printNotice(`It is for ${certified.join(', ')} and is valid until ${validTo.toISOString().slice(0, 10)}.`)
  if (action === 'create') printNotice(GUIDANCE)
  return EXIT.done
}
