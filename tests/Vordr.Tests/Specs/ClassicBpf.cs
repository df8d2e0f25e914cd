using System.Buffers.Binary;

namespace Vordr.Tests.Specs;

/// <summary>Executes a filter of system calls as the kernel would (kernel docs, networking/filter): a classic BPF program
/// over <c>struct seccomp_data</c>.</summary>
internal static class ClassicBpf
{
    public static uint Run(ReadOnlySpan<byte> program, uint architecture, int call, ReadOnlySpan<ulong> arguments)
    {
        Span<byte> data = stackalloc byte[64];
        BinaryPrimitives.WriteInt32LittleEndian(data, call);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], architecture);
        for (var index = 0; index < arguments.Length; index++)
            BinaryPrimitives.WriteUInt64LittleEndian(data[(16 + (index * 8))..], arguments[index]);
        uint accumulator = 0;
        for (var next = 0; ; next++)
        {
            var instruction = program.Slice(next * 8, 8);
            var code = BinaryPrimitives.ReadUInt16LittleEndian(instruction);
            var operand = BinaryPrimitives.ReadUInt32LittleEndian(instruction[4..]);
            switch (code)
            {
                case 0x20: // BPF_LD | BPF_W | BPF_ABS
                    accumulator = BinaryPrimitives.ReadUInt32LittleEndian(data[(int)operand..]);
                    break;
                case 0x54: // BPF_ALU | BPF_AND | BPF_K
                    accumulator &= operand;
                    break;
                case 0x05: // BPF_JMP | BPF_JA
                    next += (int)operand;
                    break;
                case 0x15: // BPF_JEQ
                    next += accumulator == operand ? instruction[2] : instruction[3];
                    break;
                case 0x25: // BPF_JGT
                    next += accumulator > operand ? instruction[2] : instruction[3];
                    break;
                case 0x35: // BPF_JGE
                    next += accumulator >= operand ? instruction[2] : instruction[3];
                    break;
                case 0x45: // BPF_JSET
                    next += (accumulator & operand) != 0 ? instruction[2] : instruction[3];
                    break;
                case 0x06: // BPF_RET | BPF_K
                    return operand;
                default:
                    throw new InvalidDataException($"instruction {code:x4}");
            }
        }
    }
}
