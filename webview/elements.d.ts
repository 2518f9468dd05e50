import type { VscodeButton } from '@vscode-elements/elements/dist/vscode-button/index.js'
import type { HTMLAttributes } from 'preact'

declare module 'preact' {
  namespace JSX {
    interface IntrinsicElements {
      'vscode-button': HTMLAttributes<VscodeButton> & { secondary?: boolean; disabled?: boolean }
    }
  }
}
