/** What the commands of the editor do in the page. */

import type { Signal } from '@preact/signals'
import type { CommandView, PageAction } from '../../src/shared/protocol/notifications.ts'
import { FILTER_ID } from './keyboard.ts'
import type { SessionStore } from './session.ts'

interface ActingPage {
  readonly isRecording: boolean
  readonly session: Pick<SessionStore, 'pausedAt'>
  readonly areKeysShown: Signal<boolean>
  setPaused(paused: boolean): void
  show(view: CommandView): void
}

export function act(page: ActingPage, action: PageAction): void {
  switch (action) {
    case 'filter': {
      const field = document.getElementById(FILTER_ID)
      if (field instanceof HTMLInputElement) field.select()
      field?.focus()
      return
    }
    case 'pause':
      if (!page.isRecording) page.setPaused(page.session.pausedAt.value === undefined)
      return
    case 'keys':
      page.areKeysShown.value = !page.areKeysShown.value
      return
    case 'findings':
    case 'techniques':
      page.show(action)
  }
}
