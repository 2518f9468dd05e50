/** Says which fields of `--mask` were not found. */
import { unmet } from '../session/payload-masks.ts'
import { printNotice } from './standard-error.ts'

/** Names the fields to mask that no payload has. */
export function printUnmet(mask: readonly string[], masked: readonly string[]): void {
  for (const each of unmet(mask, masked))
    printNotice(`No payload has a field for --mask ${each}; check the name or the path.`)
}
