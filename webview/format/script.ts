/** What the script of a request is doing, in words. */
import * as l10n from '@vscode/l10n'
import type { ScriptStatus, ScriptWait } from '../../src/shared/request-script.ts'
import { formatCount } from './count.ts'

/** `2 of 3 steps, waits for a message`. Empty if there is nothing to do. */
export function scriptWords({ done, of, waitsFor }: ScriptStatus): string {
  if (of === 0) return ''
  const progress = progressWords(done, of)
  return waitsFor === undefined ? progress : `${progress}, ${waitWords(waitsFor)}`
}

function progressWords(done: number, of: number): string {
  if (of === 1) return done === 1 ? l10n.t('1 step done') : l10n.t('0 of 1 step')
  return done === of
    ? l10n.t('all {0} steps done', formatCount(of))
    : l10n.t('{0} of {1} steps', formatCount(done), formatCount(of))
}

function waitWords(wait: ScriptWait): string {
  if (wait === 'open') return l10n.t('waits for the connection to open')
  if (wait === 'message') return l10n.t('waits for a message of the server')
  return l10n.t('waits for a message that sets {0}', wait.variables.join(', '))
}
