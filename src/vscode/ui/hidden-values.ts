/** Secrets that are in use, so that nothing that is shown or logged contains them. Does not import `vscode`. */
import { KnownSecrets } from '../../shared/secrets/known-secrets.ts'

const hidden = new KnownSecrets()

/** From now on, until the window closes, `withoutHidden` masks these values. */
export function hideValues(values: Iterable<string>): void {
  hidden.addNewest(values)
}

/** The text with `***` in place of each value in use, also where it is encoded. */
export function withoutHidden(text: string): string {
  return hidden.mask(text)
}
