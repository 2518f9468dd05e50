import assert from 'node:assert/strict'
import { plainText } from '../../src/vscode/ui/plain-text.ts'

/** What the editor takes for a link in a message: `linkedText.ts` of VS Code. */
const LINK = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/gi

describe('text for the messages of the editor', () => {
  it('has no link in it, whatever a peer or a file says', () => {
    for (const said of [
      'answered 404 ("[Try this](command:workbench.action.quit)")',
      '[a](https://h/)[b](FILE:///etc/passwd "c")',
      '[[x](command:y)](command:z)',
      '[x](\u200bcommand:y)',
    ])
      assert.deepEqual(plainText(said).match(LINK), null, said)
  })

  it('is as it was where nothing is a link', () => {
    const said = 'Serving [1].rtsession (copy) at ws://127.0.0.1:8080/[a] (b)'
    assert.equal(plainText(said), said)
  })
})
