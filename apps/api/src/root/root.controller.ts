import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '#libs/identity';
import { Answer, Operation } from '../http/answer.js';
import { Shown } from '../http/shown.js';

class RootAnswer {
  @Shown.text()
  message!: string;
}

@ApiTags('External: Meta')
@Controller()
export class RootController {
  /** Touches nothing: the server answers, that is all it says. */
  @Get()
  @Public()
  @Operation('root')
  @Answer(RootAnswer)
  root(): RootAnswer {
    return { message: 'Server is running!' };
  }
}
