/** The default theme of VitePress, with the fonts of the system, the colors of the icon, and the playground. */

import { useData } from 'vitepress'
import Theme from 'vitepress/theme-without-fonts'
import { h } from 'vue'
import { Playground } from './playground.ts'
import './playground.css'
import './style.css'

export default {
  ...Theme,
  Layout: () => {
    const { frontmatter } = useData()
    return h(Theme.Layout, null, {
      'page-top': () => (frontmatter.value.playground === true ? h(Playground) : undefined),
    })
  },
}
