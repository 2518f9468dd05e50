/** Sends the payload of an event again, as it is or edited. */
import { MOST_COMPOSED, messageOf } from './event-message.ts'
import type { PageState } from './page.ts'

/** Loads the payload of an event into the composer, to edit it and send it on the same connection. */
export async function compose(page: PageState, index: number): Promise<void> {
  const read = async () => {
    const detail = await page.host.call('detail', { index, maxBytes: MOST_COMPOSED })
    const { connection } = detail.fields
    page.composer.forms.leave(page.session.connection(connection))
    page.composer.load(messageOf(detail), typeof connection === 'number' ? connection : undefined)
  }
  await page.attempt(read())
}

/** Sends the payload of an event again, on the same connection if it is open. */
export async function resend(page: PageState, index: number): Promise<void> {
  const send = async () => {
    const detail = await page.host.call('detail', { index, maxBytes: MOST_COMPOSED })
    const message = messageOf(detail)
    const { connection } = detail.fields
    const open = (page.session.status.value?.connections ?? []).filter(
      (each) => each.canSend && each.state === 'open',
    )
    const target = open.find(({ id }) => id === connection) ?? open[0]
    if (target !== undefined) await page.host.call('send', { id: target.id, message })
  }
  await page.attempt(send())
}
