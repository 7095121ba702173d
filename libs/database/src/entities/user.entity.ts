import { Column, CreateDateColumn, Entity, OneToMany, PrimaryColumn, type Relation } from 'typeorm';
import { Connection } from './connection.entity.js';

/** A person whose health data is held. */
@Entity('users')
export class User {
  @PrimaryColumn('uuid')
  id!: string;

  /** The narrow number that every health table carries. */
  @Column({ type: 'integer', unique: true, generatedIdentity: 'ALWAYS', insert: false, update: false })
  key!: number;

  @Column('varchar', { name: 'first_name', length: 100, nullable: true })
  firstName!: string | null;

  @Column('varchar', { name: 'last_name', length: 100, nullable: true })
  lastName!: string | null;

  /** Unique in any case. */
  @Column('text', { nullable: true })
  email!: string | null;

  /** The integrator's own id of the person. */
  @Column('varchar', { name: 'external_user_id', length: 255, nullable: true, unique: true })
  externalUserId!: string | null;

  /** `YYYY-MM-DD` */
  @Column('date', { name: 'birth_date', nullable: true })
  birthDate!: string | null;

  @Column('varchar', { length: 16, nullable: true })
  sex!: string | null;

  @Column('varchar', { length: 32, nullable: true })
  gender!: string | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @OneToMany(() => Connection, (connection) => connection.user)
  connections!: Relation<Connection>[];
}
