import Input, { type InputProps } from 'antd/es/input/Input';
import Password from 'antd/es/input/Password';

interface Field extends Omit<InputProps, 'id' | 'size' | 'status'> {
  name: string;
  label: string;
  hint?: string;
  /** What is wrong with what was typed. */
  wrong: string | undefined;
}

/**
 * One labelled line of the sign-in form. Not Ant Design's form, whose rules and layouts weigh more than all
 * else on the first page; its looks are those of `Form.Item`.
 */
export function EntryField({ name, label, hint, wrong, ...input }: Field) {
  const id = `sign-in-${name}`;
  const Line = name === 'password' ? Password : Input;
  return (
    <div className="entry-field">
      <label htmlFor={id}>{label}</label>
      <Line
        {...input}
        id={id}
        name={name}
        size="large"
        status={wrong === undefined ? '' : 'error'}
        aria-required
        aria-invalid={wrong !== undefined}
        aria-describedby={`${id}-said`}
        data-testid={id}
      />
      <div id={`${id}-said`}>
        {wrong === undefined ? null : (
          <p className="entry-wrong" role="alert">
            {wrong}
          </p>
        )}
        {hint === undefined ? null : <p className="muted">{hint}</p>}
      </div>
    </div>
  );
}
