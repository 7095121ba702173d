import { Column, CreateDateColumn, Entity, PrimaryColumn, UpdateDateColumn } from 'typeorm';

/** Somebody who administers the installation. */
@Entity('developer')
export class Developer {
  @PrimaryColumn('uuid')
  id!: string;

  /** Unique in any case. */
  @Column('text')
  email!: string;

  /** argon2id in its encoded form. */
  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  @Column('varchar', { name: 'first_name', length: 100, nullable: true })
  firstName!: string | null;

  @Column('varchar', { name: 'last_name', length: 100, nullable: true })
  lastName!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}
