export type ColourMode = 'light' | 'dark';

/** Ink and teal: the page stays quiet, so that tiers and refusals are what the eye finds. */
export interface Palette {
  ink: string;
  inkRaised: string;
  inkText: string;
  inkMuted: string;
  primary: string;
  onPrimary: string;
  link: string;
  page: string;
  card: string;
  sunken: string;
  line: string;
  text: string;
  textSecondary: string;
  textTertiary: string;
  agentWave: string;
  customerWave: string;
  played: string;
  masked: string;
  mark: string;
  siteHq: string;
  siteBranch: string;
  siteCloud: string;
  tint: { error: string; warning: string; info: string; success: string };
  tier: { basic: string; core: string; sensitive: string };
}

const LIGHT: Palette = {
  ink: '#0f2a2f',
  inkRaised: '#1b3d43',
  inkText: '#eef4f2',
  inkMuted: '#a9c2c1',
  primary: '#0e5f63',
  onPrimary: '#ffffff',
  link: '#0b6266',
  page: '#f2f4f1',
  card: '#ffffff',
  sunken: '#f7f9f7',
  line: '#d9dfdc',
  text: '#16282b',
  textSecondary: '#47595b',
  textTertiary: '#526264',
  agentWave: '#5f9a98',
  customerWave: '#a58a5b',
  played: '#0e5f63',
  masked: '#8a3b3b',
  mark: '#f6dd9c',
  siteHq: '#0e5f63',
  siteBranch: '#8a6417',
  siteCloud: '#5a5ca8',
  tint: { error: '#fbedec', warning: '#fdf5e2', info: '#e9f2f1', success: '#e9f4ee' },
  tier: { basic: '#2f6b4f', core: '#7d5100', sensitive: '#a3262e' },
};

const DARK: Palette = {
  ink: '#081416',
  inkRaised: '#16292d',
  inkText: '#e6efed',
  inkMuted: '#9db6b4',
  primary: '#58bdb2',
  onPrimary: '#06201e',
  link: '#6fcfc4',
  page: '#0d1719',
  card: '#132023',
  sunken: '#0f1a1d',
  line: '#2a3b3e',
  text: '#e2ebe9',
  textSecondary: '#b3c3c2',
  textTertiary: '#93a7a6',
  agentWave: '#4d8c88',
  customerWave: '#a58f62',
  played: '#7bd8cc',
  masked: '#d88a86',
  mark: '#6b5216',
  siteHq: '#58bdb2',
  siteBranch: '#d3ad62',
  siteCloud: '#a5a8ec',
  tint: { error: '#3a1d20', warning: '#33290f', info: '#14302f', success: '#14301f' },
  tier: { basic: '#7cc4a0', core: '#e5b24c', sensitive: '#f08a8c' },
};

export function paletteOf(mode: ColourMode): Palette {
  return mode === 'dark' ? DARK : LIGHT;
}
