import type { EChartsCoreOption, EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';

/** A drawing that a sentence stands for where it is not seen. Its code comes when it is first drawn. */
export function LineChart({ options, said }: { options: EChartsCoreOption; said: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<EChartsType>();

  useEffect(() => {
    const container = box.current;
    if (container === null) return;
    let gone = false;
    let leave: (() => void) | undefined;
    void import('./echarts.ts').then(({ init }) => {
      if (gone) return;
      const made = init(container, undefined, { renderer: 'svg' });
      const sized = new ResizeObserver(() => made.resize());
      sized.observe(container);
      leave = () => {
        sized.disconnect();
        made.dispose();
      };
      setChart(made);
    });
    return () => {
      gone = true;
      leave?.();
      setChart(undefined);
    };
  }, []);
  useEffect(() => chart?.setOption(options, { notMerge: true }), [chart, options]);

  return (
    <div
      ref={box}
      className="line-chart"
      role="img"
      aria-label={said}
      data-drawn={chart !== undefined}
    />
  );
}
