import { Column, CreateDateColumn, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { Connection } from './connection.entity.js';
import { User } from './user.entity.js';

/** A writer inside an integration: one device or app of one user. Table `data_source`. */
@Entity('data_source')
export class HealthDataSource {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('integer', { name: 'user_key' })
  userKey!: number;

  /** Without a foreign key: a deleted user is gone at once, and what is theirs is erased in batches after that. */
  @ManyToOne(() => User, { createForeignKeyConstraints: false })
  @JoinColumn({ name: 'user_key', referencedColumnName: 'key' })
  user!: Relation<User>;

  @Column('varchar', { length: 50 })
  provider!: string;

  @Column('varchar', { length: 100, nullable: true })
  source!: string | null;

  @Column('varchar', { name: 'device_model', length: 100, nullable: true })
  deviceModel!: string | null;

  @Column('varchar', { name: 'device_type', length: 32, nullable: true })
  deviceType!: string | null;

  @Column('varchar', { name: 'software_version', length: 50, nullable: true })
  softwareVersion!: string | null;

  @Column('varchar', { name: 'original_source_name', length: 100, nullable: true })
  originalSourceName!: string | null;

  @Column('uuid', { name: 'connection_id', nullable: true })
  connectionId!: string | null;

  @ManyToOne(() => Connection, { nullable: true, onDelete: 'SET NULL' })
  @JoinColumn({ name: 'connection_id' })
  connection!: Relation<Connection> | null;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;
}
