/** What the script of a request is doing, in words. */
import * as l10n from '@vscode/l10n'
import type { ScriptStatus, ScriptWait } from '../../src/shared/request-script.ts'
import { formatCount } from './count.ts'

/** `2 of 3 steps, waits for a message`. Empty if there is nothing to do. */
export function scriptWords({ done, of, waitsFor }: ScriptStatus): string {
  if (of === 0) return ''
  const progress =
    done === of
      ? l10n.t('all {0} steps done', formatCount(of))
      : l10n.t('{0} of {1} steps', formatCount(done), formatCount(of))
  return waitsFor === undefined ? progress : `${progress}, ${waitWords(waitsFor)}`
}

function waitWords(wait: ScriptWait): string {
  if (wait === 'open') return l10n.t('waits for the connection to open')
  if (wait === 'message') return l10n.t('waits for a message of the server')
  return l10n.t('waits for a message that sets {0}', wait.variables.join(', '))
}
