import { CheckCircleFilled, CloseCircleFilled } from '@ant-design/icons';

/** Whether something is as it should be: by colour, shape and word. */
export function HealthMark({ good, text }: { good: boolean; text: string }) {
  return (
    <span className={`state state-${good ? 'good' : 'bad'}`}>
      <span aria-hidden="true">{good ? <CheckCircleFilled /> : <CloseCircleFilled />}</span>
      {text}
    </span>
  );
}
