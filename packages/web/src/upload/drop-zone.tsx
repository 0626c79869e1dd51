import { CloudUploadOutlined, DeleteOutlined, FileOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { writeBytes } from '../i18n/moments.ts';
import type { Parcel } from './sort-files.ts';

interface Zone {
  parcel: Parcel;
  disabled: boolean;
  onFiles: (files: File[]) => void;
  onParcel: (parcel: Parcel) => void;
}

/** Where files are dropped or chosen, and the list of those that will travel. */
export function DropZone({ parcel, disabled, onFiles, onParcel }: Zone) {
  const { t } = useTranslation();
  const [over, setOver] = useState(false);
  return (
    <>
      <div
        className={`drop${over ? ' drop-over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          if (!disabled) onFiles([...event.dataTransfer.files]);
        }}
      >
        <label>
          <CloudUploadOutlined className="drop-icon" aria-hidden="true" />
          <strong>{over ? t('upload.dropActive') : t('upload.drop')}</strong>
          <span className="muted">{t('upload.dropHint')}</span>
          <input
            type="file"
            multiple
            className="sr-only"
            disabled={disabled}
            data-testid="upload-drop"
            onChange={(event) => {
              onFiles([...(event.target.files ?? [])]);
              event.target.value = '';
            }}
          />
        </label>
      </div>
      <FileList parcel={parcel} disabled={disabled} onParcel={onParcel} />
    </>
  );
}

function FileList({ parcel, disabled, onParcel }: Omit<Zone, 'onFiles'>) {
  const { t } = useTranslation();
  const { media, transcript, sidecar, screenshots } = parcel;
  const lines: { key: string; kind: string; name: string; size?: number; without: Parcel }[] = [];
  if (media !== undefined) {
    const { media: _, ...without } = parcel;
    lines.push({
      key: 'media',
      kind: t('upload.media'),
      name: media.name,
      size: media.size,
      without,
    });
  }
  if (sidecar !== undefined) {
    const { sidecar: _, ...without } = parcel;
    lines.push({ key: 'sidecar', kind: t('upload.sidecar'), name: sidecar.name, without });
  }
  if (transcript !== undefined) {
    const { transcript: _, ...without } = parcel;
    const { name, size } = transcript;
    lines.push({ key: 'transcript', kind: t('upload.transcript'), name, size, without });
  }
  for (const [index, { name, size }] of screenshots.entries()) {
    const without = { ...parcel, screenshots: screenshots.filter((_, at) => at !== index) };
    lines.push({ key: `shot-${index}`, kind: t('upload.screenshot'), name, size, without });
  }
  if (lines.length === 0) return null;
  return (
    <ul className="parcel" aria-label={t('upload.files')}>
      {lines.map(({ key, kind, name, size, without }) => (
        <li key={key}>
          <FileOutlined aria-hidden="true" />
          <span className="parcel-kind">{kind}</span>
          <span className="parcel-name">{name}</span>
          <span className="muted num">{size === undefined ? '' : writeBytes(size)}</span>
          <Button
            type="text"
            size="small"
            icon={<DeleteOutlined />}
            disabled={disabled}
            aria-label={t('upload.remove', { name })}
            onClick={() => onParcel(without)}
          />
        </li>
      ))}
    </ul>
  );
}
