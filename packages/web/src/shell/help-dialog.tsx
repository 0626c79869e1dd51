import { Modal } from 'antd';
import { useTranslation } from 'react-i18next';

export function HelpDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const groups: [string, [string[], string][]][] = [
    [
      t('keys.searchGroup'),
      [
        [['/'], t('keys.focusSearch')],
        [['j'], t('keys.moveDown')],
        [['k'], t('keys.moveUp')],
        [['Enter'], t('keys.open')],
        [['x'], t('keys.choose')],
        [['?'], t('keys.help')],
      ],
    ],
    [
      t('keys.recordGroup'),
      [
        [[t('keys.space')], t('keys.playPause')],
        [['←', '→'], t('keys.seek')],
        [['[', ']'], t('keys.speed')],
        [['j', 'k'], t('keys.nextRecord')],
        [['u'], t('keys.back')],
      ],
    ],
    [
      t('keys.inboxGroup'),
      [
        [['j', 'k'], t('keys.nextRequest')],
        [['a'], t('keys.approve')],
        [['r'], t('keys.reject')],
      ],
    ],
    [t('notices.everywhere'), [[['n'], t('notices.key')]]],
  ];
  return (
    <Modal title={t('keys.title')} open={open} onCancel={onClose} footer={null} width={560}>
      <div className="keys">
        {groups.map(([title, lines]) => (
          <section key={title}>
            <h2>{title}</h2>
            <dl>
              {lines.map(([keys, text]) => (
                <div key={text}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
