/** The default theme of VitePress, with the fonts of the system and the colors of the icon. */
import Theme from 'vitepress/theme-without-fonts'
import './style.css'

export default Theme
