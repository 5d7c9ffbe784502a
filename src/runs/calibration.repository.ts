/** Which calibration every process uses for an int8 trunk at a size: the one that came first. */
import type { PrismaClient } from '../database/generated/client.js'

export interface CalibratedTrunk {
  readonly trunkSha256: string
  readonly imageSize: number
}

export class CalibrationRepository {
  constructor(private readonly prisma: PrismaClient) {}

  /** The calibration's sha256; null while there is none. */
  async find({ trunkSha256, imageSize }: CalibratedTrunk): Promise<string | null> {
    const row = await this.prisma.trunkCalibration.findUnique({
      where: { trunkSha256_imageSize: { trunkSha256, imageSize } },
    })
    return row?.sha256 ?? null
  }

  /** Keeps what is offered, unless another one was there before. @returns the one that is kept */
  async settle(offer: CalibratedTrunk & { readonly offered: string | null }): Promise<string | null> {
    const { trunkSha256, imageSize, offered } = offer
    if (offered !== null) {
      const data = [{ trunkSha256, imageSize, sha256: offered }]
      await this.prisma.trunkCalibration.createMany({ data, skipDuplicates: true })
    }
    return this.find(offer)
  }
}
