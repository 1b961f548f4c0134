using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace SaeNotebooks.Models;

/// <summary>Numbers in memory that become float32 as they are read, <see cref="Stored.Step"/> at a time.</summary>
internal unsafe interface IStored
{
    /// <summary>Bytes of a number.</summary>
    static abstract int Size { get; }

    /// <summary>The first half of a step, in the order of <see cref="Stored.Arrange"/>.</summary>
    static abstract Vector512<float> First(byte* at);

    /// <summary>The second half.</summary>
    static abstract Vector512<float> Second(byte* at);

    /// <summary>Where the i-th number of a step is in that order.</summary>
    static abstract int Place(int i);

    /// <summary>One number.</summary>
    static abstract float Load(byte* at);

    /// <summary>Rounds one number to the nearest.</summary>
    static abstract void Store(byte* at, float value);
}

/// <summary>The dtypes that the loops for single tokens know.</summary>
internal static unsafe class Stored
{
    /// <summary>Numbers that are read together.</summary>
    public const int Step = 32;

    private const int Half = Step / 2;

    /// <summary>Whether there is an <see cref="IStored"/> for a dtype.</summary>
    public static bool Has(ScalarType dtype) => dtype is ScalarType.Float32 or ScalarType.BFloat16;

    /// <summary>Rows in float32, each step of them in the order in which <see cref="IStored.First"/> and <see cref="IStored.Second"/> meet the
    /// numbers that they are multiplied with: for bfloat16 first those at even places, then the odd ones. What is no whole step stays as it is.</summary>
    /// <param name="x">[…, d], contiguous</param>
    /// <param name="arranged">at least as many numbers</param>
    public static void Arrange(Tensor x, Span<float> arranged)
    {
        if (x.dtype == ScalarType.Float32)
        {
            MemoryMarshal.Cast<byte, float>(x.bytes).CopyTo(arranged);
            return;
        }
        var d = (int)x.size(-1);
        fixed (byte* numbers = x.bytes)
        fixed (float* wide = arranged)
            for (var row = 0; row < x.numel(); row += d) ArrangeRow(numbers + row * BFloat16.Size, wide + row, d);
    }

    private static void ArrangeRow(byte* numbers, float* arranged, int d)
    {
        var i = 0;
        for (; i <= d - Step; i += Step)
        {
            Vector512.Store(BFloat16.First(numbers + i * BFloat16.Size), arranged + i);
            Vector512.Store(BFloat16.Second(numbers + i * BFloat16.Size), arranged + i + Half);
        }
        for (; i < d; i++) arranged[i] = BFloat16.Load(numbers + i * BFloat16.Size);
    }

    private static float Wide(ushort number) => BitConverter.UInt32BitsToSingle((uint)number << 16);

    /// <summary>float32.</summary>
    public readonly struct Float32 : IStored
    {
        public static int Size => sizeof(float);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> First(byte* at) => Vector512.Load((float*)at);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Second(byte* at) => Vector512.Load((float*)at + Half);

        public static int Place(int i) => i;

        public static float Load(byte* at) => *(float*)at;

        public static void Store(byte* at, float value) => *(float*)at = value;
    }

    /// <summary>bfloat16, the upper half of a float32: of a pair of numbers in 32 bits the even one moves up, the odd one is there already.</summary>
    public readonly struct BFloat16 : IStored
    {
        public static int Size => sizeof(ushort);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> First(byte* at) => (Vector512.Load((uint*)at) << 16).AsSingle();

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Second(byte* at) => (Vector512.Load((uint*)at) & Vector512.Create(0xFFFF0000u)).AsSingle();

        public static int Place(int i) => i % 2 * Half + i / 2;

        public static float Load(byte* at) => Wide(*(ushort*)at);

        /// <summary>Ties go to even; a NaN stays one.</summary>
        public static void Store(byte* at, float value)
        {
            var bits = BitConverter.SingleToUInt32Bits(value);
            *(ushort*)at = float.IsNaN(value) ? (ushort)0x7FC0 : (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
        }
    }
}
