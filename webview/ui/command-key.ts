/** The key for commands, Ctrl or Cmd, as it is shown before the name of another key. */
export const IS_MAC = /mac/i.test(navigator.platform)
export const COMMAND = IS_MAC ? '⌘' : 'Ctrl+'
