import {
  Column,
  CreateDateColumn,
  Entity,
  JoinColumn,
  ManyToOne,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
  type Relation,
} from 'typeorm';
import { User } from './user.entity.js';

/** Which provider wins a day; 1 first. */
@Entity('provider_priority')
export class ProviderPriority {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('varchar', { length: 50, unique: true })
  provider!: string;

  @Column('integer')
  priority!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}

/** Which device type wins among sources of one provider; 1 first. */
@Entity('device_type_priority')
export class DeviceTypePriority {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('varchar', { name: 'device_type', length: 32, unique: true })
  deviceType!: string;

  @Column('integer')
  priority!: number;

  @CreateDateColumn({ name: 'created_at', type: 'timestamptz', precision: 3 })
  createdAt!: Date;

  @UpdateDateColumn({ name: 'updated_at', type: 'timestamptz', precision: 3 })
  updatedAt!: Date;
}

/** One place in a user's own order of sources, rank 0 first. */
@Entity('user_priority')
export class UserPriority {
  @PrimaryColumn('uuid', { name: 'user_id' })
  userId!: string;

  @PrimaryColumn('integer')
  rank!: number;

  @ManyToOne(() => User, { onDelete: 'CASCADE' })
  @JoinColumn({ name: 'user_id' })
  user!: Relation<User>;

  @Column('varchar', { length: 50, nullable: true })
  provider!: string | null;

  @Column('varchar', { name: 'device_type', length: 32, nullable: true })
  deviceType!: string | null;
}
