/** Protobuf in a workbench: the user chooses files and types, which are known again after a reload. */
import { join } from 'node:path'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import { type OpenedInspector, oneStory, openInspector } from './story.ts'
import type { Workbench } from './workbench.ts'

const PROTO = `syntax = "proto3";
package chat;
message Said { string text = 1; }
message Ask { string question = 1; }
message Frame { string kind = 1; bytes body = 2; }
`
/** A `Frame` whose kind is `said`. */
const FRAME = Buffer.from('\n\x04said\x12\x07\n\x05hello')

describe('message types in a workbench', () => {
  oneStory(() => workbench)
  let opened: OpenedInspector
  let workbench: Workbench
  let url: string

  before(async () => {
    url = `${await serveWebSocket((socket) => socket.send(FRAME))}/chat`
    opened = await openInspector({
      'proto/chat.proto': PROTO,
      'proto/broken.proto': 'syntax = "proto3";\nmessage {}',
    })
    workbench = opened.workbench
  })
  after(async () => {
    await opened?.close()
    closeServers()
  })

  const quickInput = () => workbench.page.locator('.quick-input-widget')
  const titled = (title: string) =>
    quickInput().locator('.quick-input-title').getByText(title, { exact: true }).waitFor()

  /** Opens the dialog for files from the menu of the connection, and chooses one. */
  async function chooseFile(name: string): Promise<void> {
    await workbench.connection('/chat').locator('.connection-face').click({ button: 'right' })
    await workbench.panel.getByRole('menuitem', { name: 'Decode As…' }).click()
    await workbench.panel.getByRole('menuitem', { name: 'Protobuf with Message Types…' }).click()
    await titled('Files with Protobuf message types')
    // The dialog replaces what is typed before it has listed its folder.
    await quickInput().locator('.monaco-list-row').nth(1).waitFor()
    await workbench.type(join(opened.folder, 'proto', name))
    await quickInput().locator('.monaco-list-row').getByText(name, { exact: true }).first().waitFor()
    await quickInput()
      .getByRole('button', { name: /^(OK|Choose)$/ })
      .click()
  }

  async function pick(title: string, item: string | RegExp): Promise<void> {
    await titled(title)
    await workbench.pick(item)
  }

  it('are refused with their line if the file has a mistake', async () => {
    await workbench.connect(url)
    await workbench.rows('binary').first().waitFor()
    await chooseFile('broken.proto')
    await workbench.panel.getByText(/broken\.proto cannot be read: line 2: /).waitFor()
  })

  it('are chosen by direction', async () => {
    await chooseFile('chat.proto')
    await pick('Types of the Messages', 'Types by Direction')
    await pick('Type of Received Messages', 'chat.Frame')
    await pick('Type of Sent Messages', 'chat.Ask')
    await workbench.rows('chat.Frame').first().waitFor()
  })

  it('are chosen by an envelope', async () => {
    await chooseFile('chat.proto')
    await pick('Types of the Messages', 'Envelope')
    await titled('Types by the Values of kind')
    await workbench.type('said=chat.Nothing')
    await quickInput().getByText('The files have no type chat.Nothing.').waitFor()
    await workbench.type('said=chat.Said')
    await workbench.page.keyboard.press('Enter')
    await workbench.rows('chat.Said').filter({ hasText: 'hello' }).first().waitFor()
    await workbench.screenshot('message-types')
  })

  it('are known again when the connection is opened after a reload', async () => {
    await workbench.page.reload()
    await workbench.ready()
    await workbench.panel.getByText('Connect again').click()
    await workbench.rows('chat.Said').first().waitFor()
  })
})
