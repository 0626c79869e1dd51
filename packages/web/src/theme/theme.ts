import { type ThemeConfig, theme } from 'antd';
import { type ColourMode, paletteOf } from './palette.ts';

const FONT_FAMILY =
  '"Segoe UI", "Helvetica Neue", "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC", sans-serif';

/** Voxkeep's look as Ant Design tokens: 8-px rhythm, small radii, no shadows where a line is enough. */
export function themeOf(mode: ColourMode): ThemeConfig {
  const p = paletteOf(mode);
  return {
    algorithm: mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      colorPrimary: p.primary,
      colorInfo: p.primary,
      colorLink: p.link,
      colorLinkHover: p.primary,
      colorSuccess: p.tier.basic,
      colorWarning: p.tier.core,
      colorError: p.tier.sensitive,
      colorErrorBg: p.tint.error,
      colorWarningBg: p.tint.warning,
      colorInfoBg: p.tint.info,
      colorSuccessBg: p.tint.success,
      colorBgLayout: p.page,
      colorBgContainer: p.card,
      colorBgElevated: mode === 'dark' ? '#182629' : '#ffffff',
      colorBorder: mode === 'dark' ? '#3d5053' : '#bcc7c4',
      colorBorderSecondary: p.line,
      colorSplit: p.line,
      colorText: p.text,
      colorTextSecondary: p.textSecondary,
      colorTextTertiary: p.textTertiary,
      colorTextDescription: p.textSecondary,
      colorTextPlaceholder: p.textTertiary,
      colorTextLightSolid: p.onPrimary,
      borderRadius: 4,
      borderRadiusLG: 6,
      borderRadiusSM: 3,
      fontFamily: FONT_FAMILY,
      fontSize: 14,
      sizeUnit: 4,
      sizeStep: 4,
      controlHeight: 32,
      controlHeightSM: 24,
      lineWidthFocus: 2,
      boxShadowTertiary: 'none',
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none' },
      Card: { bodyPadding: 16, headerHeight: 40, headerFontSize: 14 },
      Table: {
        cellPaddingBlock: 8,
        cellPaddingInline: 12,
        headerBg: p.sunken,
        headerColor: p.textSecondary,
        headerSplitColor: 'transparent',
      },
      Form: { itemMarginBottom: 16, verticalLabelPadding: '0 0 4px' },
      Tag: { defaultBg: p.sunken, defaultColor: p.text },
      Segmented: {
        trackBg: p.sunken,
        itemColor: p.textSecondary,
        itemSelectedBg: p.primary,
        itemSelectedColor: p.onPrimary,
      },
      Tooltip: { colorBgSpotlight: p.inkRaised, colorTextLightSolid: p.inkText },
    },
  };
}
