using SaeNotebooks.Hooks;
using SaeNotebooks.Steering;
using SaeNotebooks.Tests.Goldens;
using static TorchSharp.torch;

namespace SaeNotebooks.Tests.Steering;

/// <summary>Edits along a direction against the formulas with the projection matrix written out, in several dtypes and at hooks of several
/// shapes.</summary>
public sealed class DirectionTests : IDisposable
{
    private readonly TorchSharp.DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Theory]
    [InlineData(ScalarType.Float32, 2e-5), InlineData(ScalarType.Float64, 1e-6), InlineData(ScalarType.BFloat16, 0.03)]
    public void Rules_are_their_formulas(ScalarType dtype, double tolerance)
    {
        using var model = TestModels.Load("llama", dtype);
        var hook = Hook.ResidPost(1);
        var d = randn(48, generator: manual_seed(1)) * 2;
        var wide = dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32;
        using var run = model.Run(SteeringLab.Prompt, hook);
        var h = run[hook].to(wide);
        var direction = d.to(wide);
        var projection = outer(direction, direction) / direction.dot(direction); // P
        var along = h.matmul(projection);
        var share = h.matmul(direction).unsqueeze(-1) / direction.dot(direction); // a
        var median = share.median().to(ScalarType.Float64).item<double>(); // half of the tokens are above

        void Expect(Tensor expected, SteeringEdit edit)
        {
            using var steered = model.Run(SteeringLab.Prompt, hook, edit with { Positions = Positions.All });
            Compare.MaxAbs(expected.to(dtype), steered[hook], tolerance, edit.ToString());
        }

        Expect(h + direction * 1.5, Steer.Add(hook, d, 1.5));
        Expect(h - along, Steer.Ablate(hook, d));
        Expect(h - along + along * 2.5, Steer.Multiply(hook, d, 2.5));
        Expect(h - along + direction * 0.7, Steer.Clamp(hook, d, 0.7));
        Expect(h - along + maximum(share, tensor(median).to(wide)) * direction, Steer.AtLeast(hook, d, median));
        Expect(h - along + minimum(share, tensor(median).to(wide)) * direction, Steer.AtMost(hook, d, median));
        Expect(h - along + h.norm(-1, keepdim: true) * 0.2 * direction / direction.norm(), Steer.Clamp(hook, d * 5, Coefficient.OfNorm(0.2)));
    }

    [Fact]
    public void A_direction_may_have_the_shape_of_any_tokens_activation()
    {
        using var model = TestModels.Load("llama");
        using var run = model.Run(SteeringLab.Prompt, Hook.Z(1));
        var z = run[Hook.Z(1)];
        var d = randn(z.shape[2..], generator: manual_seed(1));
        using var steered = model.Run(SteeringLab.Prompt, Hook.Z(1), Steer.Ablate(Hook.Z(1), d, Positions.All));
        var flat = d.flatten();
        var expected = z.flatten(2) - z.flatten(2).matmul(flat).unsqueeze(-1) * flat / flat.dot(flat);
        Compare.MaxAbs(expected, steered[Hook.Z(1)].flatten(2), 1e-5, "heads");
    }
}
