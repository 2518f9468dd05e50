import * as l10n from '@vscode/l10n'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'

/** Shows what connections send by themselves, or hides it. */
export function AutomaticButton() {
  const { automatic } = usePage().composer
  return (
    <IconButton
      icon="robot"
      name={l10n.t('Rules and keep-alive')}
      aria-pressed={automatic.isShown.value}
      onClick={() => {
        automatic.isShown.value = !automatic.isShown.value
      }}
    />
  )
}
